// Package config is the one YAML file: structs that document themselves, and strict loading.
package config
