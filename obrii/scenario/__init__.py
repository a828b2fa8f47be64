"""The whole experiment, as a file says it: what flies, what stands, what fails and when."""
