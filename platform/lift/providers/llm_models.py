"""The language models that may read answers: chat completions as many servers speak them, and Anthropic's messages."""

from collections.abc import Mapping
from typing import Any

from lift.kernel.settings import Settings
from lift.providers.llm_http import post_json, strict_json
from lift.scoring.llm.port import CallFailed, LanguageModel, Prompt, Reply, Usage

FORM = "report"
"""Name of the forced form."""
MOST_TOKENS = 10_000_000
"""More than any call uses: a count beyond it is a mistake."""


class OpenAiChat:
    """``POST {base}/chat/completions`` with a strict JSON schema as the only form of reply, and no tools."""

    provider = "openai"

    def __init__(self, base_url: str, key: str, model: str, host: str) -> None:
        self.host = host
        self.model = model
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        # A server of one's own may ask for no key.
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, prompt: Prompt, seconds: float) -> Reply:
        body = {
            "model": self.model,
            "temperature": 0,
            "max_tokens": prompt.most_tokens,
            "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.text}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": FORM, "strict": True, "schema": prompt.schema},
            },
        }
        reply = _object(post_json(self._url, self._headers, body, seconds))
        usage = _usage(reply, "prompt_tokens", "completion_tokens")
        choice = _first(reply.get("choices"))
        content = _object(choice.get("message")).get("content")
        if choice.get("finish_reason") != "stop" or not isinstance(content, str):
            raise CallFailed("bad_reply", "the reply was cut off or declined", charged=True, usage=usage)
        try:
            return Reply(strict_json(content), usage)
        except ValueError:
            raise CallFailed("bad_reply", "the report is no JSON", charged=True, usage=usage) from None


class AnthropicMessages:
    """``POST {base}/messages``; the one tool that the model must call is the form of its reply."""

    provider = "anthropic"
    API = "2023-06-01"

    def __init__(self, base_url: str, key: str, model: str, host: str) -> None:
        self.host = host
        self.model = model
        self._url = f"{base_url.rstrip('/')}/messages"
        self._headers = {"x-api-key": key, "anthropic-version": self.API}

    def ask(self, prompt: Prompt, seconds: float) -> Reply:
        body = {
            "model": self.model,
            "temperature": 0,
            "max_tokens": prompt.most_tokens,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.text}],
            "tools": [
                {"name": FORM, "description": "Takes the report on all key points.", "input_schema": prompt.schema}
            ],
            "tool_choice": {"type": "tool", "name": FORM, "disable_parallel_tool_use": True},
        }
        reply = _object(post_json(self._url, self._headers, body, seconds))
        usage = _usage(reply, "input_tokens", "output_tokens")
        called = [block for block in _list(reply.get("content")) if _object(block).get("type") == "tool_use"]
        if reply.get("stop_reason") != "tool_use" or len(called) != 1 or called[0].get("name") != FORM:
            raise CallFailed("bad_reply", "the reply was cut off or declined", charged=True, usage=usage)
        return Reply(called[0].get("input"), usage)


def make_model(settings: Settings) -> LanguageModel | None:
    """The model that the settings name; None where none is named."""
    key = settings.llm_api_key.get_secret_value()
    if settings.llm_provider == "openai":
        return OpenAiChat(settings.llm_address, key, settings.llm_model, settings.llm_host)
    if settings.llm_provider == "anthropic":
        return AnthropicMessages(settings.llm_address, key, settings.llm_model, settings.llm_host)
    return None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: object) -> Mapping[str, Any]:
    return _object(next(iter(_list(value)), None))


def _usage(reply: Mapping[str, Any], name_in: str, name_out: str) -> Usage | None:
    """The provider's own count; None where it is missing or cannot be."""
    counted = _object(reply.get("usage"))
    found = [counted.get(name) for name in (name_in, name_out)]
    if any(type(count) is not int or not 0 <= count <= MOST_TOKENS for count in found):
        return None
    return Usage(*(int(count or 0) for count in found))
