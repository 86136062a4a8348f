"""The report to sign off: one model, and a page, Markdown or JSON made of it.

`model` says what a report tells, `build` makes it of what was rendered and checked, `page` and `markdown` print it. The
model holds plain values that may all be shown: passwords are out of it before it is made.
"""
