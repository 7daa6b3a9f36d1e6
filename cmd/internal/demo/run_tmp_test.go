package demo
import ("testing";"os";"context";"fmt")
func TestTmp(t *testing.T){ 
 tmpHook = func(d *desk){ ts,_:=d.record.reader.Threads(context.Background(),true); for _,x:=range ts{ fmt.Printf("%s %+v\n",x.Ref(),x.Verdict) ; ev,_:=d.record.reader.Events(context.Background(),x.ID); for _,e:=range ev{fmt.Println("   ",e.Who,"|",e.What,"|",e.Why)}; ob,_:=d.record.reader.Obligations(context.Background(),x.ID); for _,o:=range ob{fmt.Printf("   %+v\n",o)}}
  for _,m:=range d.world.out.Mails(){fmt.Println(string(m.Raw))}
 }
 if err:=Run(context.Background(),Options{Out:os.Stdout,Speed:50});err!=nil{t.Fatal(err)} }
