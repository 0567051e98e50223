"""What is this? Pure judgement: a folder in, a verdict with evidence out."""
