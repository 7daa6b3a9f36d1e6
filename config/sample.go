package config

import _ "embed"

// Sample is an annotated configuration file: the smallest that works, then every other key commented
// out, with its default where it has one.
//
//go:embed sample.yaml
var Sample string
