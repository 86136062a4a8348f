"""Where the images of a rendered chart are.

`find` reads the documents of a render and tells every image with its place and how sure it is; `unrendered` says which
images other values would bring; `providers` knows the registries of the world by their hosts.

To another registry: `target` names the new place of an image, `override` proposes the values that move all of them
(`relocate` searches with the keys of `proposals`, `trial` renders, `proof` compares), `rewrite` moves them in rendered
manifests, and `mirror` says what has to be copied.

One way: a document is walked once (`walk`), strings are judged once (`judge`), and what a string means by the name it
stands under is decided in one place (`naming`).
"""
