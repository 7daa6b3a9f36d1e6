package ingest

func failures(r *reading) ([]Failure, []string) { return nil, nil }
