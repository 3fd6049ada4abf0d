"""What stands behind the ports: AWS, FFmpeg, PyAV, and the fakes that pretend to be them."""
