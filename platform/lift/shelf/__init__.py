"""What a person keeps of the bank: named lists of questions, and which questions they have seen."""
