"""What is wrong with a chart's images and values, each finding with its place and what to do about it.

One way: a `Subject` (a chart, values, the render and its images) goes through the rules, each rule gives remarks, remarks
become findings (`rules`), findings are filtered by what people chose to ignore (`ignores`), and a `Report` is printed by
one of `formats`. `expect_registry` is the one check that is not a rule: what it wants is said on the command line.

Each family of rules is a module with a table `RULES`; `rules` joins the tables.
"""
