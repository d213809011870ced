"""The internal case for one partner: one page the decision makers sign."""
