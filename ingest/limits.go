package ingest

import "triaged/config"

// limits are config.Limits with a default for everything left zero, as plain numbers.
type limits struct {
	messageSize, headerBytes, headerLine int
	headerCount, addresses               int
	depth, parts, textBytes, received    int
}

// beginning is how much of a mail is read as text when its structure must not be.
const beginning = 64 << 10

func limitsOf(c config.Limits) limits {
	return limits{
		messageSize: orSize(c.MessageSize, 50<<20),
		headerBytes: orSize(c.HeaderBytes, 256<<10),
		headerLine:  orSize(c.HeaderLine, 64<<10),
		headerCount: orCount(c.HeaderCount, 1000),
		addresses:   orCount(c.Addresses, 500),
		depth:       orCount(c.Depth, 20),
		parts:       orCount(c.Parts, 500),
		textBytes:   orSize(c.TextBytes, 1<<20),
		received:    orCount(c.Received, 100),
	}
}

func orSize(n config.Size, otherwise int) int {
	if n > 0 {
		return int(n)
	}
	return otherwise
}

func orCount(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
