"""Charts as they lie on disk: folders and archives into one immutable `Chart`."""
