"""The registry of Drycc Workflow: where the builder pushes the images of apps, and how the apps pull them.

Three generations of keys say it: those of Deis Workflow (A), those of the guide of 2019 (B), and those of today (C).
All are read, whatever their spelling, and made into one set of settings.
"""
