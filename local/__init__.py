"""The laptop's side of Rotoscope: the local cloud and the command line. Never deployed."""
