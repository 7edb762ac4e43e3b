"""The language-model scorer: what is asked, how a reply is checked, when it is asked again, and who reads instead."""
