"""Keep what each annotator has labelled on disk, and make gold of several drafts."""
