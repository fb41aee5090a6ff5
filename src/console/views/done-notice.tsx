import { Notice } from "./pills-notices-pager.tsx";

/** What a redirect may say that has been done: the query carries the key, never the words. */
const SENTENCES: Record<string, string> = {
  "made-before":
    "This setting had been made already; nothing was changed. Its token was shown once: if it is lost, make another below.",
  renamed: "The setting was renamed.",
  "company-made": "The company was made. Connect its identity provider, or let its own admin do it by a sign-in link.",
  paused: "The setting is paused: its tokens are answered with 403 and nothing changes.",
  resumed: "The setting is active again.",
  live: "The setting goes live: its people come out of shadow in steps, and whoever arrives from now on shows at once.",
  deleted: "The setting was deleted. Its tokens no longer work.",
  revoked: "The token was revoked: it is refused from the next request on.",
  "credential-deleted": "It was deleted: its access tokens are refused from the next request on.",
  trusted: "The trust was made. Now put the values below into the identity provider.",
  regrouped: "The group settings were changed and applied to everybody.",
  "dialect-changed": "How requests are read was changed. It holds from the next request on.",
  remapped: "The fields were changed and read anew for everybody.",
  "group-made": "The target group was made.",
  "group-gone":
    "That was the last that held the target group: the provider’s group of its name is gone, and now it is gone too.",
  "member-added": "The person was added to the group by hand.",
  "member-removed": "The person is no longer in the group by hand.",
  "member-taken-out": "The person was taken out of the group.",
  "person-changed": "The person was changed.",
  "person-active": "The person is active again, in the target groups given by hand.",
  "person-inactive": "The person is inactive: withdrawn, and out of all target groups but those given by hand.",
  "person-removed": "The person was removed, and what was held of them erased.",
  "enrolment-added": "Members are being enrolled.",
  "terms-changed": "The terms were changed: they hold for whoever is enrolled from now on.",
  "webhook-changed": "The webhook was changed.",
  "webhook-paused":
    "The webhook is paused: nothing is sent, and nothing is lost. It goes on from here when you resume it.",
  "webhook-resumed": "The webhook goes on from where it stopped.",
  "webhook-deleted": "The webhook was deleted. Nothing is sent there any more.",
  "webhook-made-before": "This had been done already; nothing was changed. Its secret was shown once.",
  "session-ended": "The session was ended: its browser is signed out from the next page on.",
  "sessions-ended": "All other sessions were ended: their browsers are signed out from the next page on.",
  "alert-dismissed": "The alert was put aside: it is told no more, and closes by itself when it is over.",
  "failing-dismissed": "These requests are shown no more.",
  "channel-added": "The address was added.",
  "channel-asked": "A link was sent there. Messages come once somebody has opened it.",
  "channel-removed": "The address was removed. No message goes there any more.",
  "work-announced": "The work is announced: no message is sent until it is over.",
  "work-ended": "The announcement has ended: messages are sent again.",
  "safeguards-changed": "The limits of the brake were changed. They hold from the next request on.",
  resent: "The change is being sent again.",
  "enrolment-restored": "Members are being enrolled again, with their progress.",
  "enrolment-removed": "Nobody is enrolled through this group in it any more.",
};

/** Says what the form before this page did. */
export function DoneNotice({ done }: { done: string | undefined }) {
  const sentence = done === undefined || !Object.hasOwn(SENTENCES, done) ? undefined : SENTENCES[done];
  return sentence === undefined ? null : <Notice isFirst>{sentence}</Notice>;
}
