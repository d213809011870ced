"""The Calc add-in: every function of danggol as CRM.NAME, with its help, and Excel's names put right on loading."""

import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from com.sun.star.task import XJob
from danggol.calc import XFunctions

from addin.hosts.calc.bridge import BRIDGES, SERVICE, VOLATILE
from addin.hosts.calc.function_names import rename_document
from addin.hosts.calc.site import use_site
from addin.hosts.calc.wizard import Wizard

use_site()

FUNCTIONS = "org.danggol.calc.Functions"
NAMES = "org.danggol.calc.Names"


class _Functions(unohelper.Base, XFunctions, XAddIn, XCompatibilityNames, XServiceName, XServiceInfo):
    def __init__(self, context, *_):
        self.wizard = Wizard("ko")
        self.locale = Locale("ko", "KR", "")

    def getProgrammaticFuntionName(self, display):
        return self.wizard.id_of(display)

    def getDisplayFunctionName(self, id):
        return self.wizard.display(id)

    def getFunctionDescription(self, id):
        return self.wizard.summary(id)

    def getDisplayArgumentName(self, id, place):
        return self.wizard.argument(id, place)

    def getArgumentDescription(self, id, place):
        return self.wizard.argument_help(id, place)

    def getProgrammaticCategoryName(self, id):
        return "Add-In"

    def getDisplayCategoryName(self, id):
        return "Add-In"

    def getCompatibilityNames(self, id):
        return (LocalizedName(Locale("en", "US", ""), self.wizard.excel_name(id)),)

    def setLocale(self, locale):
        self.locale = locale
        self.wizard = Wizard(locale.Language)

    def getLocale(self):
        return self.locale

    def getServiceName(self):
        return SERVICE

    def getImplementationName(self):
        return FUNCTIONS

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return ("com.sun.star.sheet.AddIn", SERVICE)


Functions = type("Functions", (_Functions,), {id: staticmethod(bridge.answer) for id, bridge in BRIDGES.items()})


class Names(unohelper.Base, XJob, XServiceInfo):
    """What Calc runs when a document was loaded (Jobs.xcu)."""

    def __init__(self, context, *_):
        pass

    def execute(self, arguments):
        environment = {
            value.Name: value.Value for part in arguments if part.Name == "Environment" for value in part.Value
        }
        document = environment.get("Model")
        if document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            rename_document(document, BRIDGES, VOLATILE)

    def getImplementationName(self):
        return NAMES

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return ("com.sun.star.task.Job",)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, FUNCTIONS, ("com.sun.star.sheet.AddIn", SERVICE))
g_ImplementationHelper.addImplementation(Names, NAMES, ("com.sun.star.task.Job",))
