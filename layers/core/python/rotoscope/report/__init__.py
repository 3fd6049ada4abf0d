"""report.html: one self-contained page that shows what a job did, for whoever asked for it."""
