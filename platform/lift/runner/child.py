"""``python -m lift.runner.child <module> [arguments]``: run a module whose forks die when it does.

Celery's pool and granian's workers fork; without this a ``kill -9`` of their parent would leave them behind.
"""

import runpy
import sys

from lift.runner.process import guard_forks


def main() -> None:
    """Run the named module as ``__main__``."""
    guard_forks()
    module = sys.argv[1]
    sys.argv[:] = [module, *sys.argv[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
