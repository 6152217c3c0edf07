"""What other people are to be sent: enqueue, pace, send, settle."""
