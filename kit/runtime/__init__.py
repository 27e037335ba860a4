"""The process: memory, metering, time slices, progress."""
