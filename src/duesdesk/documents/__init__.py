"""Papers and texts made of figures: notices now; letters, receipts and dossiers have their place here."""
