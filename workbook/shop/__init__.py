"""The Snow Festival ticket shop: the application that the chapters run and break.

`core` decides and touches nothing, `handlers` are the functions, one side effect each,
and `template.yaml` says which of them is called by what.
"""
