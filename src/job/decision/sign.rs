//! Writing a draft, signing it, throwing it away; and the evidence that a signature freezes.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::case::{Deciding, deciding_of};
use crate::account::Visitor;
use crate::assessment::{Assessment, Standing};
use crate::audit::{Action, Entry};
use crate::decision::{Answer, Decision, DecisionKind, Refusal};
use crate::job::{Journey, Viewing};
use crate::source::sha256_hex;
use crate::store::{SavedDraft, Signed, Signing};

/// What a decision rested on, as it was at the moment of signing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The moment, UTC.
    pub at: String,
    /// What the rules said, with every indicator; `None` where they had never been applied.
    pub assessment: Option<Assessment>,
    /// What stood after it.
    pub standing: Option<Standing>,
    /// SHA-256 of the policy's rules.
    pub policy_fingerprint: String,
    /// How many things had been recorded: pulls, evaluations, judgements, decisions.
    pub data_version: i64,
}

/// Why nothing was signed.
#[derive(Debug, Error)]
pub enum SignFault {
    /// What was filled in is not, or no longer, a decision.
    #[error("the draft is refused")]
    Refused(Vec<Refusal>),
    /// Somebody else signed between the look and the signature.
    #[error("somebody else signed a decision at the same moment: look at the draft again")]
    Overtaken,
    /// It was signed or thrown away before.
    #[error("there is no draft {0}: it was signed or thrown away")]
    Gone(String),
    /// The world failed.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// Keeps what was filled in as a draft, if it could be signed as it is. Returns its id.
///
/// # Errors
/// [`SignFault::Refused`] with everything that is wrong; nothing is kept then.
pub async fn draft(
    journey: &Journey,
    answer: &Answer,
    visitor: &Visitor,
    id: Option<&str>,
) -> Result<String, SignFault> {
    let deciding = deciding_of(&journey.viewing(), answer).await?;
    deciding.check(journey, answer).map_err(SignFault::Refused)?;
    let now = journey.clock.now();
    let id = id.map_or_else(
        || {
            let told = serde_json::to_string(answer).unwrap_or_default();
            sha256_hex(format!("{}\u{1f}{}\u{1f}{told}", now.millis(), visitor.name()).as_bytes())[..12]
                .to_owned()
        },
        str::to_owned,
    );
    let saved =
        SavedDraft { id: id.clone(), changed_at: now, by: visitor.name().to_owned(), answer: answer.clone() };
    journey.store.save_draft(&journey.city.location, &saved).await.context("keep the draft")?;
    Ok(id)
}

/// Signs a draft: it is held once more against what holds now, and goes into the journal with what it rests on. From then on
/// nobody can change it; only another entry can amend it.
///
/// # Errors
/// [`SignFault`]; the draft stays as it is, unless it is gone.
pub async fn sign(
    journey: &Journey,
    id: &str,
    (visitor, address): (&Visitor, &str),
) -> Result<Decision, SignFault> {
    let location = &journey.city.location;
    let drafts = journey.store.drafts(location).await.context("read the drafts")?;
    let saved = drafts.into_iter().find(|draft| draft.id == id);
    let saved = saved.ok_or_else(|| SignFault::Gone(id.to_owned()))?;
    let deciding = deciding_of(&journey.viewing(), &saved.answer).await?;
    let draft = deciding.check(journey, &saved.answer).map_err(SignFault::Refused)?;
    let now = journey.clock.now();
    let evidence = frozen(journey, &deciding).await?;
    let hash = sha256_hex(evidence.as_bytes());
    let number = deciding.journal.next_number();
    let decision = draft.signed(number, (visitor.name(), &now.to_string()), &hash);
    let entry = Entry::new(
        now,
        (visitor.name(), visitor.role()),
        Action::DecisionMade,
        &format!("decision {number}"),
    )
    .detail(told(&decision))
    .address(address);
    let signing = Signing { decision: &decision, at: now, evidence: &evidence, draft: id, entry: &entry };
    match journey.store.sign(signing).await.context("sign the decision")? {
        Signed::Done => {
            tracing::info!(
                location = %location,
                decision.id = number,
                step = decision.step.number(),
                policy.version = %journey.policy().version,
                "decided"
            );
            journey.announce().await?;
            Ok(decision)
        }
        Signed::Overtaken => Err(SignFault::Overtaken),
        Signed::Gone => Err(SignFault::Gone(id.to_owned())),
    }
}

/// Throws a draft away; `false` if there is none of that id.
///
/// # Errors
/// When the store does not answer.
pub async fn discard(journey: &Journey, id: &str) -> anyhow::Result<bool> {
    journey.store.discard_draft(&journey.city.location, id).await.context("throw the draft away")
}

/// What a decision rested on, held against its hash.
///
/// # Errors
/// When it is not there, or is no longer what was signed.
pub async fn evidence_of(journey: &Viewing<'_>, decision: &Decision) -> anyhow::Result<Evidence> {
    let json = journey.store.evidence(&decision.evidence).await?;
    let json = json.with_context(|| format!("the evidence of decision {} is not kept", decision.number))?;
    if sha256_hex(json.as_bytes()) != decision.evidence {
        anyhow::bail!("the evidence of decision {} was changed after it was signed", decision.number);
    }
    serde_json::from_str(&json).context("read the evidence of a decision")
}

/// What a signature of now rests on, as the text that is hashed.
async fn frozen(journey: &Journey, deciding: &Deciding) -> anyhow::Result<String> {
    let last = deciding.last.as_ref();
    let evidence = Evidence {
        at: journey.clock.now().to_string(),
        assessment: last.map(|saved| saved.assessment.clone()),
        standing: last.map(|saved| saved.standing.clone()),
        policy_fingerprint: deciding.policy().fingerprint.clone(),
        data_version: journey.store.data_version().await?,
    };
    Ok(serde_json::to_string(&evidence)?)
}

/// What the audit log says of a decision.
fn told(decision: &Decision) -> String {
    let (step, period) = (decision.step, decision.period);
    let what = match (decision.kind, decision.amends) {
        (DecisionKind::Decision, _) | (_, None) => String::new(),
        (kind, Some(amends)) => format!("{kind} of {amends}, "),
    };
    let from = decision.afterwards.as_ref().map_or_else(String::new, |afterwards| {
        format!("recorded afterwards, decided on {}, from {}: ", decision.decided_on, afterwards.paper)
    });
    format!(
        "{from}{what}step {step}, {} to {}, evidence {}",
        period.start, period.last_day, decision.evidence
    )
}
