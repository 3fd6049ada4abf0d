"""Rotoscope's runtime: everything that a deployed function runs. This folder is the Lambda layer itself."""
