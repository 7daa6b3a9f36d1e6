package demo

import (
	"context"

)
var tmpHook func(*desk)
func closing(ctx context.Context, p *page, d *desk, played []outcome) error {
	if tmpHook!=nil{tmpHook(d)}
	return nil
}
