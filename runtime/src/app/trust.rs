//! Who is trusted to tell for whom it asks, as it was written in the settings.

use super::config_error::Fault;
use crate::http::{ClientRule, ForwardedHeader};

/// What the settings say of proxies.
#[derive(Clone, Debug, Default)]
pub(super) struct Trust {
    trusted: Option<Trusted>,
    is_given_twice: bool,
    header: Option<ForwardedHeader>,
}

#[derive(Clone, Debug)]
enum Trusted {
    Networks(Vec<String>),
    Hops(usize),
}

impl Trust {
    pub(super) fn networks(&mut self, networks: Vec<String>) {
        self.give(Trusted::Networks(networks));
    }

    pub(super) fn hops(&mut self, hops: usize) {
        self.give(Trusted::Hops(hops));
    }

    pub(super) fn by(&mut self, header: ForwardedHeader) {
        self.header = Some(header);
    }

    fn give(&mut self, trusted: Trusted) {
        self.is_given_twice |= self.trusted.replace(trusted).is_some();
    }

    /// The rule that it comes to; what is wrong is added to `faults`.
    pub(super) fn rule(&self, faults: &mut Vec<Fault>) -> ClientRule {
        if self.is_given_twice {
            faults.push(Fault::TwoTrusts);
        }
        if self.is_of_nobody() && self.header.is_some() {
            faults.push(Fault::NobodyTrusted);
        }
        self.check_that_not_everybody_is_trusted(faults);
        let rule = match &self.trusted {
            None => Ok(ClientRule::default()),
            Some(Trusted::Hops(hops)) => {
                ClientRule::trusted_hops(*hops).map_err(|fault| faults.push(Fault::NoHops(fault)))
            }
            Some(Trusted::Networks(networks)) => {
                ClientRule::trusted_proxies(networks.iter().map(String::as_str))
                    .map_err(|wrong| faults.extend(wrong.into_iter().map(Fault::NoNetwork)))
            }
        };
        rule.unwrap_or_default().header(self.header.unwrap_or_default())
    }

    /// Everybody could then choose an address.
    fn check_that_not_everybody_is_trusted(&self, faults: &mut Vec<Fault>) {
        let Some(Trusted::Networks(networks)) = &self.trusted else { return };
        let holds_all = |network: &&String| network.trim().ends_with("/0");
        faults.extend(networks.iter().filter(holds_all).cloned().map(Fault::EverybodyTrusted));
    }

    fn is_of_nobody(&self) -> bool {
        match &self.trusted {
            None => true,
            Some(Trusted::Networks(networks)) => networks.is_empty(),
            Some(Trusted::Hops(_)) => false,
        }
    }
}
