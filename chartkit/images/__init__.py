"""Where the images of a rendered chart are.

`find` reads the documents of a render and tells every image with its place and how sure it is; `unrendered` says which
images other values would bring; `providers` knows the registries of the world by their hosts.

One way: a document is walked once (`walk`), strings are judged once (`judge`), and what a string means by the name it
stands under is decided in one place (`naming`).
"""
