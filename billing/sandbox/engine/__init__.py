"""What happens to money and time: pure rules, and the transitions that apply them."""
