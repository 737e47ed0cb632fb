"""Print docs/commands.md: the help of every command, as the command line itself prints it."""

from collections.abc import Iterator

import click

from bench.cli import main

HEAD = """# Commands

Data goes to standard output, progress and remarks to standard error. What is wrong with the input
is said in one sentence, and the exit status is 1; wrong usage is exit status 2.

This page is printed by `python docs/make_commands.py`, and a test compares the two.
"""


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """All commands below a group that are no groups, with their full names."""
    for name, command in group.commands.items():
        full = (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield " ".join(full), command


def reference() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, command in commands(main, ("bench",)):
        context = click.Context(
            command,
            info_name=name,
            max_content_width=96,
            terminal_width=96,
            help_option_names=["-h", "--help"],
        )
        parts.append(f"## `{name}`\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(reference(), end="")
