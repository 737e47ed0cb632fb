"""What each annotator has labelled so far, on disk, and how several drafts become gold."""
