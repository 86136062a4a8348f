"""Workflow extensions of Kaapana whose images come from a registry of one's own.

An extension is a chart that brings its Airflow code along in an image, the DAG installer, which the dependency
`dag-installer-chart` runs. Three places must name the same registry: the chart's `global.custom_registry_url`, the
operators of the Airflow code, and the New Registry extension that makes the pull secret.
"""
