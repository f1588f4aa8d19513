"""The behaviour of DRS, without moto: time and EC2 come in from outside."""
