"""What every kind uses: access, context, declarations, records."""
