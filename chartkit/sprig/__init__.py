"""The functions of the Sprig library, one module a family; each exports its `FUNCTIONS`."""
