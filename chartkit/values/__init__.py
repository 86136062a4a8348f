"""Values: from files and flags, over the defaults of a chart and its subcharts, checked against schemas."""
