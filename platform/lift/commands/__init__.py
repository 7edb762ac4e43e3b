"""The groups of commands of `lift`. Each loads what it runs only when it is run, so that `lift --help` is quick."""
