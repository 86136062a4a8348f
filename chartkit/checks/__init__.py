"""What is wrong with a chart's images and values, each finding with its place and what to do about it.

One way: a `Subject` (a chart, values, the render and its images) goes through the rules (`rules`), each rule gives
remarks, remarks become findings (`levels`), those that people chose to ignore are left out (`ignores`), and a `Report`
is printed by one of `formats`. `expect_registry` has the rules whose wishes are said on the command line.

Each family of rules is a module with a table `RULES`; `rules` joins the tables.
"""
