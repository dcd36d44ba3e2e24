"""What every package may use: faults, verdicts, outcomes, messages, lazy values, the folders of this machine."""
