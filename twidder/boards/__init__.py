"""Live boards: values that anybody feeds with one line, watched by everybody who may."""
