"""Rendered text to Kubernetes documents, and documents to the text that `helm template` prints.

`split` cuts a file into documents, `head` reads what Helm reads of each, `hooks` tells hooks from plain manifests,
`order` puts them in Helm's order of kinds, `assemble` makes the final text, and `show_only` picks files out of it.
Everything here is a pure function of texts.
"""
