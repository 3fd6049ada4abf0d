"""Resource types of the deployer, by what they are for."""
