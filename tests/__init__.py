"""The tests mirror the code; journeys, faults and architecture stand beside it."""
