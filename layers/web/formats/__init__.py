"""How numbers look where Django's own formats would run their digits together.

Digits are Latin in every language, as phone numbers, addresses and map keys have them; in
the languages below thousands get a comma and decimals a point, as they are printed beside
Latin digits.
"""
