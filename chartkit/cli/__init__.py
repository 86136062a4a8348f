"""The command line: one file per command, side effects here and in `chartkit.adapters` only.

`app` finds the command, `flags` reads its words as Helm reads flags, `exits` turns failures into exit codes. Flags are
declared once, in tables; typer gets its options (help texts, completion) from the same tables.
"""
