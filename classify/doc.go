// Package classify judges a mail: how severe it is and of what kind, with the reasons.
package classify
