"""The nouns of the field and what can be reckoned from them: values and pure functions; numpy, nothing else."""
