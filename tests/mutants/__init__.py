"""Mutation testing of the rules, the checker and the lens (`make mutants`): which small changes does no test notice?"""
