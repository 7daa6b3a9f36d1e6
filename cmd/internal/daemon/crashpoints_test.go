package daemon

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// crashPoint is one place between two durable steps at which the process, the power, the disk or the network may go away.
type crashPoint struct {
	name     string
	cut      string // between what and what
	promise  string // what is so after the recovery
	residual string // what no design can take away
	proofs   string // "file: Test, Test; file: Test", files from the top of the project
}

// crashPoints are all of them; F19, F23, F24, F26 and F27 are about backups, connectors and the model, and have their own stories.
var crashPoints = []crashPoint{
	{
		"F01", "the server has mail - we look", "the set of UIDs decides, so every mail is found", "a delay of one poll",
		`ingest/mailbox/look_test.go: TestUIDsThatBecomeVisibleOutOfOrderAreFound;
		ingest/mailbox/rest_test.go: TestMailThatComesDuringALookIsNotForgotten, TestAServerThatIdlesAndNeverAnnouncesIsPolled, TestWithoutIDLEMailIsSeenAtEachPoll;
		.ci/journey/kill_test.go: TestNothingIsLostWhenItIsKilledAgainAndAgain`,
	},
	{
		"F02", "a literal is half here", "a mail is recorded whole or not at all", "it is fetched again",
		`ingest/mailbox/traps_test.go: TestTrap3AMailWhoseLiteralIsCutIsNotHandedOver, TestTrap3ABatchThatDoesNotEndWithOKIsNotHandedOver, TestTrap4StoppingInTheMiddleOfALiteralTakesNoTime;
		ingest/mailbox/look_test.go: TestNothingIsHandedOverAfterABatchThatFailed`,
	},
	{
		"F03", "a mail is expunged while it is fetched", "the others arrive, and nothing is tried for ever", "that mail: a line in the log",
		`ingest/mailbox/look_test.go: TestTrap15AMailThatWasRemovedBeforeItsFetchStopsNothing`,
	},
	{
		"F04", "the mail is in memory - it is stored", "nothing on the server is changed before the commit", "none",
		`ingest/mailbox/look_test.go: TestAfterARestartOnlyWhatIsMissingIsFetched, TestWhatTheJournalCannotRecordIsTriedAgainWithoutHaste;
		ingest/mailbox/chores_test.go: TestAFolderIsOpenedForWritingOnlyWhenAChoreIsDue;
		cmd/internal/daemon/story_crash_test.go: TestAKillAtAnyWriteOfAnArrivalLosesNoMailAndAnswersOnce;
		cmd/internal/daemon/story_proof_test.go: TestStoppingAmidAProofLosesNoAck`,
	},
	{
		"F05", "a mail is being read", "one that ends the process three times is kept unread, and the folder goes on", "none",
		`cmd/internal/daemon/underway_test.go: TestAMailThatEndsTheProcessThreeTimesIsQuarantined;
		cmd/internal/daemon/story_faults_test.go: TestBadMailNeverStopsTheGoodOneAfterIt;
		ingest/mailbox/traps_test.go: TestTrap9OnePoisonedMailIsSetAsideAndTheOthersArrive`,
	},
	{
		"F06", "the mail is read - the thread and its ack are committed", "both or neither", "none",
		`store/change_test.go: TestChangesThatWaitShareATransactionAndOnlyTheFailingOneIsUndone;
		store/powercut_test.go: TestAPowerCutForgetsNothingThatWasAcknowledged;
		cmd/internal/daemon/story_crash_test.go: TestAKillAtAnyWriteOfAnArrivalLosesNoMailAndAnswersOnce;
		cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		.ci/journey/kill_test.go: TestNothingIsLostWhenItIsKilledAgainAndAgain`,
	},
	{
		"F07", "a commit - it is on the disk", "what was committed survives the loss of power", "none on honest disks",
		`store/powercut_test.go: TestAPowerCutForgetsNothingThatWasAcknowledged, TestPowerCutsFindWhatFewerSyncsLose;
		store/recorder_test.go: TestTheRecorderSeesWhatIsOnTheDisk`,
	},
	{
		"F08", "the disk is full at any write", "a pause and no loss; mail waits on the server", "acks are late, and an alarm says so",
		`store/change_test.go: TestAFullDiskTellsEverybodyLosesNothingAndPasses;
		cmd/internal/daemon/story_disk_test.go: TestANearlyFullDiskIsAPauseAndNotALoss, TestReadingPausesBelowTheReserve;
		ingest/mailbox/look_test.go: TestWithoutRoomNothingIsFetchedAndIdleGoesOn;
		outbound/runner_test.go: TestAResultThatCannotBeRecordedIsNotForgotten`,
	},
	{
		"F09", "the ack is committed - we connect", "what is due is sent after the next start", "none",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		cmd/internal/daemon/story_faults_test.go: TestARestartInTheMiddleStillGivesExactlyOneAck`,
	},
	{
		"F10", "the attempt is committed - the server asks for the body", "not delivered for sure: sent again, once", "none",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		outbound/relay/matrix_test.go: TestBrokenLinksAreJudgedByTheDot`,
	},
	{
		"F11", "the body - its final dot", "the server discards it; sent again, once", "a broken server that takes it: twice, under one id",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		outbound/relay/matrix_test.go: TestBrokenLinksAreJudgedByTheDot;
		outbound/relay/hostile_test.go: TestAMailThatCouldNotBeWrittenIsNeverEnded`,
	},
	{
		"F12", "the final dot - its 250", "looked for in Sent; an ack is repeated under its id, a person's words are asked about", "the window of RFC 1047",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		cmd/internal/daemon/story_faults_test.go: TestALostReplyIsRepeatedWithTheSameMessageID;
		cmd/internal/daemon/story_parcel_test.go: TestAReplyWhoseFateIsUnknownIsHeldAndItsAuthorAsked;
		cmd/internal/daemon/story_crash_test.go: TestAKillDuringAnAttemptRepeatsNoWordsOfAnAgent;
		cmd/internal/daemon/story_digest_test.go: TestADigestThatMayHaveArrivedIsNotRepeated;
		outbound/runner_test.go: TestAMailThatSentShowsIsNotRepeated, TestAMailThatSentDoesNotShowTwiceIsRepeated, TestALinkThatBreaksAfterTheDotIsWaitedOutAndRepeatedUnderTheSameId`,
	},
	{
		"F13", "250 - it is committed", "as F12", "as F12, as long as one commit",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		store/outbox_test.go: TestWhatWasBeingSentWhenTheProcessEndedIsUnknown;
		.ci/journey/kill_test.go: TestNothingIsLostWhenItIsKilledAgainAndAgain`,
	},
	{
		"F14", "sent - a copy in Sent", "we put none there, so none is lost or repeated", "accounts whose server files nothing have none",
		`cmd/internal/daemon/story_stages_test.go: TestNothingIsEverPutIntoSent`,
	},
	{
		"F15", "sent - the mail answered is marked or moved", "the ledger decides what is new; the chore may be done twice", "a mail is seen in both folders for a while",
		`cmd/internal/daemon/story_stages_test.go: TestAKillAtEachStageOfASendLeavesOneAck;
		ingest/mailbox/chores_test.go: TestAConnectionThatBreaksDuringAChoreLeavesItDue, TestMovedMailsAreInTheFolderThatIsMadeForThem;
		store/lookup_test.go: TestWorkIsQueuedOnceRetriedAndDone`,
	},
	{
		"F16", "COPY - UID EXPUNGE", "no second copy is made", "as F15; a mail without a Message-ID may be copied twice",
		`ingest/mailbox/copied_test.go: TestACopyThatWasMadeBeforeTheLinkBrokeIsNotMadeAgain, TestAnotherMailUnderTheSameMessageIDIsNoCopy`,
	},
	{
		"F17", "the folder is made anew or restored", "what was answered is recognised; a flood of the rest waits", "what has no Message-ID is recognised by its content alone",
		`cmd/internal/daemon/story_loop_test.go: TestAUIDVALIDITYResetAnswersNothingTwice;
		cmd/internal/daemon/story_restore_test.go: TestAMailboxPutBackFromABackupLosesNoMailAndAnswersNoneTwice, TestAMailboxPutBackWithManyUnknownMailsWaitsForTheOperator;
		ingest/mailbox/restored_test.go: TestAFolderRestoredUnderItsUIDVALIDITYLosesNoMail`,
	},
	{
		"F18", "the first start on a full inbox", "history is neither read nor answered", "none",
		`cmd/internal/daemon/story_faults_test.go: TestHistoryIsNeverAnswered, TestMailThatCameAfterTheFirstLookIsNeverHistory;
		ingest/mailbox/history_test.go: TestTwentyThousandOldMailsCostAHandfulOfCommands`,
	},
	{
		"F20", "two daemons on one state", "the second is refused, and a stale attempt changes nothing", "two states on one mailbox are two desks",
		`cmd/internal/daemon/control_test.go: TestASecondDaemonOnTheSameStateRefuses;
		store/open_test.go: TestASecondDaemonIsRefusedUntilTheFirstHasClosed;
		store/outbox_test.go: TestAnAttemptIsMadeOnceAndAStaleResultChangesNothing`,
	},
	{
		"F21", "the clock jumps", "no slot has two mails; back by more than a day, what waits is held", "mail that is scheduled may be late by the jump",
		`outbound/tenyears_test.go: TestAClockThatJumpsMakesNoUpdateTwice, TestAClockThatJumpsFindsTheSameDigests, TestASleepOverThreeSlotsIsOneMail;
		cmd/internal/daemon/story_stages_test.go: TestAClockThatGoesBackByDaysHoldsWhatWaits;
		cmd/internal/daemon/story_digest_test.go: TestAClockThatJumpsMakesNoDigestTwice;
		cmd/internal/daemon/story_progress_test.go: TestSlotsThatWereSleptOverAreOneMail`,
	},
	{
		"F22", "a reload or an end in mid-send", "what is in the air may land; what does not is unknown", "F12",
		`cmd/internal/daemon/story_stages_test.go: TestAReloadAndAnEndInMidSendRepeatNothing;
		outbound/runner_test.go: TestAtTheEndWhatIsInTheAirMayLand, TestWhatDoesNotLandIsUnknownAndLookedIntoAtTheNextStart`,
	},
	{
		"F25", "a step of an upgrade", "one schema or the other, and a copy of the one before", "none",
		`store/migrate_test.go: TestAKillDuringAnUpgradeLeavesTheDatabaseOfBefore, TestAnUpgradeThatFailsAtAnyStatementChangesNothing, TestWithoutACopyThereIsNoUpgrade;
		store/powercut_test.go: TestAPowerCutDuringAnUpgradeLeavesOneSchemaOrTheOther;
		store/open_test.go: TestUpgradesFromEveryReleasedSchema`,
	},
}

// TestEveryCrashPointIsProven: each point has a proof, and each proof that is named is a test of that file.
func TestEveryCrashPointIsProven(t *testing.T) {
	t.Parallel()
	want := []string{"F20", "F21", "F22", "F25"}
	for n := 1; n <= 18; n++ {
		want = append(want, "F"+strconv.Itoa(100 + n)[1:])
	}
	tests, listed := map[string]map[string]bool{}, map[string]bool{}
	for _, p := range crashPoints {
		if listed[p.name] || p.cut == "" || p.promise == "" || p.residual == "" {
			t.Errorf("%s is listed twice or says too little: %+v", p.name, p)
		}
		for part := range strings.SplitSeq(p.proofs, ";") {
			file, names, _ := strings.Cut(strings.TrimSpace(part), ": ")
			if tests[file] == nil {
				tests[file] = testsOf(t, file)
			}
			for name := range strings.SplitSeq(names, ",") {
				if name = strings.TrimSpace(name); !tests[file][name] {
					t.Errorf("%s is to be proven by %s of %s, which is not there: name the test that proves it now", p.name, name, file)
					continue
				}
				listed[p.name] = true
			}
		}
	}
	for _, name := range want {
		if !listed[name] {
			t.Errorf("nothing proves %s: write the test and list it here", name)
		}
	}
}

// testsOf are the names of the tests of a file.
func testsOf(t *testing.T, file string) map[string]bool {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../../..", filepath.FromSlash(file)), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("read the proofs of %s: %v", file, err)
		return map[string]bool{}
	}
	names := map[string]bool{}
	for _, d := range syntax.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
			names[f.Name.Name] = true
		}
	}
	return names
}
