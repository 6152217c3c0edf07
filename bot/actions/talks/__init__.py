"""What happens around a talk: preparing it, writing down what was agreed, reminding both sides (M5)."""
